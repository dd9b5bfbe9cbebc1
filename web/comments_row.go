package web

import (
	"slices"

	"github.com/labstack/echo/v4"

	"tongbiao/registry"
)

// rowThreads puts the replies to the comments on a row under what they answer, in
// order of arrival.
func (s *Server) rowThreads(c echo.Context, list []registry.Comment, row string) []thread {
	return s.threadsOf(c, slices.DeleteFunc(slices.Clone(list), func(m registry.Comment) bool { return m.Row != row }))
}

func (s *Server) threadsOf(c echo.Context, list []registry.Comment) []thread {
	var out []thread
	at := map[string]int{}
	for _, m := range list {
		if i, ok := at[m.ReplyTo]; ok && m.ReplyTo != "" {
			out[i].Replies = append(out[i].Replies, m)
			at[m.ID] = i // an answer to an answer stands in the same thread
			continue
		}
		at[m.ID] = len(out)
		out = append(out, s.thread(c, registry.CommentRow{Comment: m}, false))
	}
	return out
}
