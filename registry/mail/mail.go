// Package mail sends members their notices by e-mail. What is to be sent stands
// in the registry: a letter that a server did not take, or that a crash cut off,
// is tried again. Nothing is sent where the operator names no server.
package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"tongbiao/registry"
)

// Config says through which server letters go.
type Config struct {
	Host     string // of the SMTP server
	Port     int    // 587, 465 or 25 as a rule
	User     string // "" to send without signing in
	Password string
	TLS      TLS
	From     string        // address of the sender
	Gather   time.Duration // how long notices are gathered into one letter
}

// TLS says how the connection to the server is secured.
type TLS string

const (
	StartTLS TLS = "starttls" // plain at first, then encrypted, or not at all
	Implicit TLS = "tls"      // encrypted from the start
	Plain    TLS = "none"     // never encrypted: for a server on the same machine
)

// Write gives the words of a letter.
type Write func(registry.Letter) (subject, text string)

// look is how often letters are looked for that wait for another try.
const look = time.Minute

// Follow sends what is due, now and whenever there are new notices, until ctx
// ends. A letter that fails is noted in the registry and in the log, without its
// address.
func Follow(ctx context.Context, reg *registry.Registry, cfg Config, write Write, log *slog.Logger) error {
	client, err := cfg.client()
	if err != nil {
		return err
	}
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		changed := reg.Changed()
		if err := send(ctx, client, reg, cfg, write, log); err != nil {
			return err
		}
		select {
		case <-changed:
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
		gather := time.NewTimer(cfg.Gather)
		select {
		case <-gather.C:
		case <-ctx.Done():
			gather.Stop()
			return ctx.Err()
		}
	}
}

// Check refuses a configuration that cannot be used.
func (cfg Config) Check() error {
	_, err := cfg.client()
	return errors.Join(err, gomail.NewMsg().From(cfg.From))
}

func (cfg Config) client() (*gomail.Client, error) {
	options := []gomail.Option{gomail.WithPort(cfg.Port), gomail.WithTimeout(30 * time.Second)}
	switch cfg.TLS {
	case StartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case Implicit:
		options = append(options, gomail.WithSSL())
	case Plain:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		return nil, fmt.Errorf("mail: %q is none of starttls, tls, none", cfg.TLS)
	}
	if cfg.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(cfg.User), gomail.WithPassword(cfg.Password))
	}
	client, err := gomail.NewClient(cfg.Host, options...)
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	return client, nil
}

// send sends what is due, until nothing is.
func send(ctx context.Context, client *gomail.Client, reg *registry.Registry, cfg Config, write Write, log *slog.Logger) error {
	for {
		due, err := reg.DueLetters()
		if err != nil || len(due) == 0 {
			return err
		}
		for _, l := range due {
			failed := deliver(ctx, client, cfg.From, l, write)
			if err := reg.LetterSent(l, failed); err != nil {
				return err
			}
			if failed != nil {
				said := strings.ReplaceAll(failed.Error(), l.Address, "…") // servers name the recipient
				log.Warn("a letter was not taken; it is tried again", "error", said)
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
}

func deliver(ctx context.Context, client *gomail.Client, from string, l registry.Letter, write Write) error {
	m := gomail.NewMsg()
	if err := errors.Join(m.From(from), m.To(l.Address)); err != nil {
		return err
	}
	subject, text := write(l)
	m.Subject(subject)
	m.SetDate()
	m.SetMessageID()
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(gomail.TypeTextPlain, text)
	return client.DialAndSendWithContext(ctx, m)
}
