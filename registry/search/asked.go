package search

import "net/url"

// QueryOf reads a search as its address says it: q, region, kind, status,
// modality, activity, year, standard, on, sort. The page that shows a search and
// the subscription to it are read here alike.
func QueryOf(values url.Values) Query {
	return Query{
		Text: values.Get("q"), Regions: values["region"], Kinds: values["kind"], Statuses: values["status"], Modalities: values["modality"],
		Activities: values["activity"], Years: values["year"], On: values.Get("on"), Standard: values.Get("standard"), ByDate: values.Get("sort") == "date",
	}
}

// Filtered tells whether a query narrows anything but its words.
func (q Query) Filtered() bool {
	for _, wanted := range q.wanted() {
		if len(wanted) > 0 {
			return true
		}
	}
	return q.Standard != "" || q.On != ""
}

// wanted are the values that the filters take, by dimension.
func (q Query) wanted() [dimensions][]string {
	return [dimensions][]string{
		byRegion: q.Regions, byKind: q.Kinds, byModality: q.Modalities, byActivity: q.Activities, byStatus: q.Statuses, byYear: q.Years,
	}
}

// holds tells whether a query that asks for a day (on; "" for today's texts)
// looks into an edition.
func (q Query) holds(e edition) bool {
	if q.On == "" {
		return e.current
	}
	return len(e.periods) > 0 && e.status(q.On) == "in-force"
}
