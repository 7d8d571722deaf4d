# Perl's Mojolicious.
use Mojo::Base -strict, -signatures;
use Mojo::IOLoop;
use Mojo::IOLoop::Stream;
use Mojo::UserAgent;
use Mojo::Util qw(decode encode);

$| = 1;
my $ua = Mojo::UserAgent->new(inactivity_timeout => 0);
my $socket;

sub tell_ ($line) { print "$line\n" }

sub start ($url, $subprotocol) {
  $ua->websocket($url => [$subprotocol] => sub ($agent, $tx) {
    return tell_('error ' . ($tx->error ? $tx->error->{message} : 'no upgrade')) unless $tx->is_websocket;
    $socket = $tx->max_websocket_size(1 << 20);
    tell_('open ' . ($tx->protocol // ''));
    $tx->on(frame => sub ($from, $frame) { tell_('ping') if $frame->[4] == 9 });
    $tx->on(text => sub ($from, $bytes) { tell_("text $bytes") });
    $tx->on(binary => sub ($from, $bytes) { tell_('binary ' . unpack 'H*', $bytes) });
    $tx->on(finish => sub ($from, $code, $reason = '') { tell_("closed $code " . encode 'UTF-8', $reason // '') });
  });
}

sub order ($line) {
  my ($order, $rest) = split / /, $line, 2;
  if ($order eq 'open') { start(split / /, $rest) }
  elsif ($order eq 'text')   { $socket->send({text => $rest}) }
  elsif ($order eq 'binary') { $socket->send({binary => pack 'H*', $rest}) }
  elsif ($order eq 'close')  { my ($code, $reason) = split / /, $rest, 2; $socket->finish($code, decode 'UTF-8', $reason) }
}

tell_("version $Mojolicious::VERSION") if eval { require Mojolicious };
my $pending = '';
my $orders  = Mojo::IOLoop::Stream->new(\*STDIN)->timeout(0);
$orders->on(read => sub ($stream, $bytes) {
  $pending .= $bytes;
  order($1) while $pending =~ s/^([^\n]*)\n//;
});
$orders->on(close => sub ($stream) { Mojo::IOLoop->stop });
$orders->start;
Mojo::IOLoop->start;
