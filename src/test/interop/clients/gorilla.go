// Go's gorilla/websocket.
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

var out sync.Mutex

func tell(line string) {
	out.Lock()
	defer out.Unlock()
	fmt.Println(line)
}

func open(url, subprotocol string) (*websocket.Conn, error) {
	dialer := websocket.Dialer{Subprotocols: []string{subprotocol}}
	conn, _, err := dialer.Dial(url, nil)
	if err != nil {
		return nil, err
	}
	tell("open " + conn.Subprotocol())
	pong := conn.PingHandler()
	conn.SetPingHandler(func(data string) error { tell("ping"); return pong(data) })
	go read(conn)
	return conn, nil
}

func read(conn *websocket.Conn) {
	for {
		kind, data, err := conn.ReadMessage()
		if end, ok := err.(*websocket.CloseError); ok {
			tell(fmt.Sprintf("closed %d %s", end.Code, end.Text))
			conn.Close()
			return
		} else if err != nil {
			tell("error " + err.Error())
			return
		} else if kind == websocket.TextMessage {
			tell("text " + string(data))
		} else {
			tell("binary " + hex.EncodeToString(data))
		}
	}
}

func main() {
	tell("version " + os.Args[1])
	var conn *websocket.Conn
	in := bufio.NewReader(os.Stdin)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		order, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		switch order {
		case "open":
			url, subprotocol, _ := strings.Cut(rest, " ")
			conn, err = open(url, subprotocol)
		case "text":
			err = conn.WriteMessage(websocket.TextMessage, []byte(rest))
		case "binary":
			data, _ := hex.DecodeString(rest)
			err = conn.WriteMessage(websocket.BinaryMessage, data)
		case "close":
			code, reason, _ := strings.Cut(rest, " ")
			number, _ := strconv.Atoi(code)
			end := websocket.FormatCloseMessage(number, reason)
			err = conn.WriteControl(websocket.CloseMessage, end, time.Now().Add(time.Second))
		}
		if err != nil {
			tell("error " + err.Error())
		}
	}
}
