/* The C library libwebsockets. A thread reads the orders; everything else is in the library's loop. */
#include <libwebsockets.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct order {
  struct order *next;
  char *line;
};

static struct lws_context *context;
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static struct order *orders, **last_order = &orders; /* guarded by guard */
static int at_end;                                   /* guarded by guard */

/* Only in the loop: the connection, what it has to send, what has come of a message. */
static struct lws *connection;
static struct order *sends, **last_send = &sends;
static char *message;
static size_t message_length;
static int told_close, reading;
static pthread_t reader;

static int talk(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length);

static const struct lws_protocols protocols[] = {
    {"chat", talk, 0, 4096, 0, NULL, 0},
    {"superchat", talk, 0, 4096, 0, NULL, 0},
    {NULL, NULL, 0, 0, 0, NULL, 0},
};

static void append(struct order ***last, char *line) {
  struct order *o = malloc(sizeof *o);
  o->next = NULL;
  o->line = line;
  **last = o;
  *last = &o->next;
}

static void *read_orders(void *unused) {
  char *line = NULL;
  size_t room = 0;
  ssize_t n;
  (void)unused;
  while ((n = getline(&line, &room, stdin)) > 0) {
    if (line[n - 1] == '\n') line[n - 1] = 0;
    pthread_mutex_lock(&guard);
    append(&last_order, strdup(line));
    pthread_mutex_unlock(&guard);
    lws_cancel_service(context);
  }
  pthread_mutex_lock(&guard);
  at_end = 1;
  pthread_mutex_unlock(&guard);
  lws_cancel_service(context);
  return NULL;
}

/* "ws://host:port/path subprotocol" */
static void open_connection(char *what) {
  const char *scheme, *host, *path;
  char full[512];
  int port;
  char *subprotocol = strchr(what, ' ');
  struct lws_client_connect_info info;
  *subprotocol++ = 0;
  if (lws_parse_uri(what, &scheme, &host, &port, &path)) {
    printf("error %s is not an address\n", what);
    return;
  }
  snprintf(full, sizeof full, "/%s", path);
  memset(&info, 0, sizeof info);
  info.context = context;
  info.address = host;
  info.host = host;
  info.port = port;
  info.path = full;
  info.protocol = subprotocol;
  told_close = 0;
  if (!lws_client_connect_via_info(&info)) printf("error no connection\n");
}

static void take_orders(void) {
  struct order *o, *next;
  int end;
  pthread_mutex_lock(&guard);
  o = orders;
  orders = NULL;
  last_order = &orders;
  end = at_end;
  pthread_mutex_unlock(&guard);
  for (; o; o = next) {
    next = o->next;
    if (!strncmp(o->line, "open ", 5)) {
      open_connection(o->line + 5);
      free(o->line);
    } else { /* in order, when the connection can be written to */
      append(&last_send, o->line);
      if (connection) lws_callback_on_writable(connection);
    }
    free(o);
  }
  if (end) exit(0);
}

/* Carries out one order that writes. Returns -1 to close. */
static int write_one(struct lws *wsi) {
  struct order *o = sends;
  char *line = o->line, *rest = strchr(line, ' ') + 1;
  size_t n = strlen(rest), i;
  unsigned char *frame = malloc(LWS_PRE + n + 1);
  int result = 0;
  sends = o->next;
  if (!sends) last_send = &sends;
  if (!strncmp(line, "text ", 5)) {
    memcpy(frame + LWS_PRE, rest, n);
    result = lws_write(wsi, frame + LWS_PRE, n, LWS_WRITE_TEXT) < 0 ? -1 : 0;
  } else if (!strncmp(line, "binary ", 7)) {
    unsigned byte;
    for (i = 0; i < n / 2; i++) {
      sscanf(rest + 2 * i, "%2x", &byte);
      frame[LWS_PRE + i] = (unsigned char)byte;
    }
    result = lws_write(wsi, frame + LWS_PRE, n / 2, LWS_WRITE_BINARY) < 0 ? -1 : 0;
  } else if (!strncmp(line, "close ", 6)) {
    char *reason = strchr(rest, ' ') + 1;
    lws_close_reason(wsi, (enum lws_close_status)atoi(rest), (unsigned char *)reason, strlen(reason));
    result = -1;
  }
  free(frame);
  free(line);
  free(o);
  if (sends && !result) lws_callback_on_writable(wsi);
  return result;
}

static void take_part(struct lws *wsi, const char *part, size_t length) {
  size_t i;
  message = realloc(message, message_length + length + 1);
  memcpy(message + message_length, part, length);
  message_length += length;
  if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi)) return;
  if (lws_frame_is_binary(wsi)) {
    printf("binary ");
    for (i = 0; i < message_length; i++) printf("%02x", (unsigned char)message[i]);
  } else {
    printf("text ");
    fwrite(message, 1, message_length, stdout);
  }
  printf("\n");
  message_length = 0;
}

static int talk(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length) {
  char name[64] = "";
  (void)user;
  switch (reason) {
  case LWS_CALLBACK_PROTOCOL_INIT: /* orders before this would wake nobody */
    if (!reading) {
      reading = 1;
      pthread_create(&reader, NULL, read_orders, NULL);
    }
    break;
  case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
    take_orders();
    break;
  case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
    printf("error %s\n", in ? (char *)in : "no connection");
    break;
  case LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH:
    lws_hdr_copy(wsi, name, sizeof name, WSI_TOKEN_PROTOCOL);
    printf("open %s\n", name);
    break;
  case LWS_CALLBACK_CLIENT_ESTABLISHED:
    connection = wsi;
    if (sends) lws_callback_on_writable(wsi);
    break;
  case LWS_CALLBACK_CLIENT_WRITEABLE:
    if (sends) return write_one(wsi);
    break;
  case LWS_CALLBACK_CLIENT_RECEIVE:
    take_part(wsi, in, length);
    break;
  case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
    printf("closed %d ", length < 2 ? 1005 : ((unsigned char *)in)[0] << 8 | ((unsigned char *)in)[1]);
    if (length > 2) fwrite((char *)in + 2, 1, length - 2, stdout);
    printf("\n");
    told_close = 1;
    break;
  case LWS_CALLBACK_CLIENT_CLOSED:
    connection = NULL;
    if (!told_close) printf("closed ? \n"); /* the answer to one's own close is not handed over */
    break;
  default:
    break;
  }
  fflush(stdout);
  return 0;
}

int main(void) {
  struct lws_context_creation_info info;
  memset(&info, 0, sizeof info);
  info.port = CONTEXT_PORT_NO_LISTEN;
  info.protocols = protocols;
  info.gid = -1;
  info.uid = -1;
  info.timeout_secs = 60;
  lws_set_log_level(LLL_ERR, NULL);
  context = lws_create_context(&info);
  printf("version %.*s\n", (int)strcspn(lws_get_library_version(), "-"), lws_get_library_version());
  fflush(stdout);
  while (lws_service(context, 0) >= 0) {
    take_orders(); /* the first that wakes the loop may come before callbacks do */
    fflush(stdout);
  }
  return 0;
}
