package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/labstack/echo/v4"
)

//go:embed assets/*.*
var assetFiles embed.FS

// asset is one file that pages load.
type asset struct {
	kind string // media type
	etag string
	body []byte
}

// assets by the name in their address, which holds their hash:
// tongbiao.1f2e3d4c.css. Such an address never changes what it gives, so that
// browsers may keep it for a year.
type assets struct {
	byAddress map[string]asset
	address   map[string]string // by file name
}

func readAssets() (assets, error) {
	out := assets{map[string]asset{}, map[string]string{}}
	entries, err := assetFiles.ReadDir("assets")
	if err != nil {
		return out, err
	}
	for _, e := range entries {
		body, err := assetFiles.ReadFile("assets/" + e.Name())
		if err != nil {
			return out, err
		}
		ext := path.Ext(e.Name())
		kind := mime.TypeByExtension(ext)
		if kind == "" {
			return out, fmt.Errorf("asset %s: no media type for %q", e.Name(), ext)
		}
		sum := sha256.Sum256(body)
		hash := hex.EncodeToString(sum[:6])
		name := strings.TrimSuffix(e.Name(), ext) + "." + hash + ext
		out.byAddress[name] = asset{kind, `"` + hash + `"`, body}
		out.address[e.Name()] = "/assets/" + name
	}
	return out, nil
}

// url is the address of an asset; a name that is not there fails the page.
func (a assets) url(name string) (string, error) {
	if u, ok := a.address[name]; ok {
		return u, nil
	}
	return "", fmt.Errorf("no asset %q", name)
}

func (s *Server) asset(c echo.Context) error {
	a, ok := s.assets.byAddress[c.Param("file")]
	if !ok {
		return echo.ErrNotFound
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", a.etag)
	if c.Request().Header.Get("If-None-Match") == a.etag {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, a.kind, a.body)
}

// favicon answers browsers that ask for it without being told of it.
func (s *Server) favicon(c echo.Context) error {
	u, err := s.assets.url("favicon.svg")
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusFound, u)
}
