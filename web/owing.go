package web

import "tongbiao/registry"

// whoOwes says which regions owe positions, who may speak for each, and where
// the rows are.
func (s *Server) whoOwes(v registry.ProjectView, q gridQuery) []owing {
	out := owings(v.Columns, v.Owed)
	if len(out) == 0 {
		return nil
	}
	members, err := s.reg.Members()
	if err != nil {
		s.log.Error("who owes", "err", err)
	}
	for i := range out {
		out[i].URL = q.toggle("owes", q.Owes, out[i].Region)
		for _, m := range members {
			if m.Role == registry.Representative && m.Region == out[i].Region {
				out[i].People = append(out[i].People, m.Name)
			}
		}
	}
	return out
}
