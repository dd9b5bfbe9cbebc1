package main

import (
	"errors"
	"net/netip"
	"net/url"

	"tongbiao/registry/oidc"
	"tongbiao/web"
)

// providerFlags name a provider of OpenID Connect by which members may sign in.
type providerFlags struct {
	OIDCIssuer string         `name:"oidc-issuer" placeholder:"URL" help:"外部登录：issuer of OpenID Connect by which linked members sign in; none, passwords only. Register SITE/sign-in/provider/answer there."`
	OIDCClient string         `name:"oidc-client" placeholder:"ID" help:"在提供方登记的标识：our client ID there."`
	OIDCSecret string         `name:"oidc-secret" env:"TONGBIAO_OIDC_SECRET" help:"用环境变量给出：give it by TONGBIAO_OIDC_SECRET, not on the command line."`
	OIDCName   string         `name:"oidc-name" placeholder:"NAME" help:"按钮上的名称：the provider's name on the button."`
	OIDCAllow  []netip.Prefix `name:"oidc-allow" placeholder:"CIDR" help:"提供方所在的内网：private networks that the provider may be in; none otherwise."`
}

func (f providerFlags) providerConfig() oidc.Config {
	return oidc.Config{Issuer: f.OIDCIssuer, Client: f.OIDCClient, Secret: f.OIDCSecret, Name: f.OIDCName, Allow: f.OIDCAllow}
}

func (f providerFlags) check(site string) error {
	if f.OIDCIssuer == "" {
		return nil
	}
	if u, err := url.Parse(site); err != nil || u.Host == "" {
		return errors.New("外部登录还需要 --site：提供方要把人送回那里。 sign-in by a provider needs --site too: people are sent back there")
	}
	return f.providerConfig().Check()
}

// provider is nil where none is named.
func (f providerFlags) provider() web.Provider {
	if f.OIDCIssuer == "" {
		return nil
	}
	return oidc.New(f.providerConfig(), clock)
}
