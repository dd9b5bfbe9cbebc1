package main

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"tongbiao/registry"
)

// control is how commands on the same machine reach a site that holds the data
// file: an address of the loopback network and a secret, in a file that only
// who may read the data can read.
type control struct {
	URL    string `json:"url"`
	Secret string `json:"secret"`
}

func (d dataFlag) controlFile() string { return filepath.Join(d.Data, "control") }

// answerCommands serves them until ctx ends.
func (d dataFlag) answerCommands(ctx context.Context, reg *registry.Registry) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	own := control{URL: "http://" + listener.Addr().String(), Secret: rand.Text()}
	raw, err := json.Marshal(own)
	if err != nil {
		return err
	}
	os.Remove(d.controlFile()) // a killed site's
	if err := os.WriteFile(d.controlFile(), raw, 0o600); err != nil {
		listener.Close()
		return err
	}
	defer os.Remove(d.controlFile())
	mux := http.NewServeMux()
	mux.HandleFunc("GET /backup", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/zstd")
		if _, err := reg.Backup(w); err != nil {
			panic(http.ErrAbortHandler) // what was sent is no whole backup, and the other side sees that
		}
	})
	mux.HandleFunc("GET /events", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/jsonl")
		if _, err := reg.ExportEvents(w, nil); err != nil {
			panic(http.ErrAbortHandler)
		}
	})
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte("Bearer "+own.Secret)) != 1 {
			http.Error(w, "not for you", http.StatusForbidden)
			return
		}
		mux.ServeHTTP(w, r)
	})}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// askSite copies the answer of the site that holds the data file.
func (d dataFlag) askSite(path string, w io.Writer) error {
	raw, err := os.ReadFile(d.controlFile())
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("没有正在运行的站点应答。 no running site answers")
	}
	if err != nil {
		return err
	}
	var c control
	if err := json.Unmarshal(raw, &c); err != nil {
		return fmt.Errorf("%s: %w", d.controlFile(), err)
	}
	request, err := http.NewRequest(http.MethodGet, c.URL+path, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+c.Secret)
	answer, err := (&http.Client{Transport: &http.Transport{Proxy: nil}}).Do(request)
	if err != nil {
		return fmt.Errorf("站点没有应答。 the site does not answer: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("站点拒绝了。 the site refused: %s", answer.Status)
	}
	_, err = io.Copy(w, answer.Body)
	return err
}
