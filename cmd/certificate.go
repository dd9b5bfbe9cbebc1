package main

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificate is what the site shows of itself, read anew when its files change:
// who renews it writes the files and need not tell.
type certificate struct {
	certFile, keyFile string
	log               *slog.Logger

	mu     sync.Mutex
	held   *tls.Certificate
	seen   [2]state
	looked time.Time
}

// state tells whether a file is another than before.
type state struct {
	at   time.Time
	size int64
}

// lookAgain is how often the files are looked at, at most.
const lookAgain = time.Second

func readCertificate(certFile, keyFile string, log *slog.Logger) (*certificate, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile, log: log}
	c.seen = c.look()
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return nil, fmt.Errorf("证书或私钥读不了：%w。 the certificate or its key cannot be read", err)
	}
	c.held, c.looked = &pair, time.Now()
	return c, nil
}

func (c *certificate) look() (out [2]state) {
	for i, name := range []string{c.certFile, c.keyFile} {
		if info, err := os.Stat(name); err == nil {
			out[i] = state{info.ModTime(), info.Size()}
		}
	}
	return out
}

// get is tls.Config.GetCertificate. Files that do not belong together, as while
// one of them is being replaced, leave the certificate that is held in use.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.looked) < lookAgain {
		return c.held, nil
	}
	c.looked = time.Now()
	seen := c.look()
	if seen == c.seen {
		return c.held, nil
	}
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		c.log.Error("the certificate changed and cannot be read; the old one stays in use", "err", err)
		return c.held, nil
	}
	c.held, c.seen = &pair, seen
	c.log.Info("certificate read anew", "ends", pair.Leaf.NotAfter.UTC().Format(time.RFC3339))
	return c.held, nil
}
