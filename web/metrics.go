package web

import (
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are the numbers that a Prometheus server fetches. Labels are routes of
// the map, methods and statuses: nothing that a reader writes becomes one.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	refused  *prometheus.CounterVec
	running  prometheus.Gauge
}

// latencies are the bounds of the histogram in seconds.
var latencies = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

func newMetrics(s *Server) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "tongbiao_http_requests_total", Help: "Requests by route, method and status."}, []string{"route", "method", "status"}),
		seconds:  prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "tongbiao_http_seconds", Help: "Time to answer by route.", Buckets: latencies}, []string{"route"}),
		refused:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "tongbiao_http_busy_total", Help: "Requests that were told to come back later, by route."}, []string{"route"}),
		running:  prometheus.NewGauge(prometheus.GaugeOpts{Name: "tongbiao_http_running", Help: "Requests that are being answered."}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.refused, m.running, &standing{s: s},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Metrics answers with the numbers. It is served on an address of its own: they
// are the operator's.
func (s *Server) Metrics() http.Handler {
	return promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 20 * time.Second})
}

// measure counts a request when it was answered.
func (s *Server) measure(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		s.metrics.running.Inc()
		defer s.metrics.running.Dec()
		err := next(c)
		if err != nil {
			c.Error(err) // so that the status is known
		}
		route, method := c.Path(), c.Request().Method
		if !served[route] {
			route = "none"
		}
		if method != http.MethodGet && method != http.MethodPost {
			method = "other"
		}
		s.metrics.requests.WithLabelValues(route, method, strconv.Itoa(c.Response().Status)).Inc()
		if !streams(c) {
			s.metrics.seconds.WithLabelValues(route).Observe(time.Since(start).Seconds())
		}
		if c.Response().Status == http.StatusServiceUnavailable {
			s.metrics.refused.WithLabelValues(route).Inc()
		}
		return nil
	}
}

// standing tells what is held and what waits, counted when it is asked for.
type standing struct{ s *Server }

func gauge(name, help string) *prometheus.Desc { return prometheus.NewDesc(name, help, nil, nil) }

var (
	upDesc       = gauge("tongbiao_store_readable", "1 where the store could be read.")
	eventDesc    = gauge("tongbiao_event", "Number of the last event.")
	lagDesc      = gauge("tongbiao_index_lag_events", "Events that the search index has yet to follow.")
	behindDesc   = gauge("tongbiao_index_rebuilding", "1 while the search index is being built.")
	sizeDesc     = prometheus.NewDesc("tongbiao_store_bytes", "Bytes on disk.", []string{"part"}, nil)
	heldDesc     = prometheus.NewDesc("tongbiao_held", "What the registry holds.", []string{"kind"}, nil)
	waitingDesc  = prometheus.NewDesc("tongbiao_queue", "What waits to be carried out of the house.", []string{"queue"}, nil)
	streamsDesc  = gauge("tongbiao_live_streams", "Pages that listen to changes.")
	costlyDesc   = prometheus.NewDesc("tongbiao_costly_pages", "Costly pages that are being made, that wait, and that are kept.", []string{"state"}, nil)
	bodiesDesc   = gauge("tongbiao_long_bodies_bytes", "Bytes of long bodies that are being read.")
	sessionsDesc = gauge("tongbiao_sessions", "Sessions that are not over.")
)

// Describe implements prometheus.Collector: what is collected is not checked
// against a list.
func (standing) Describe(chan<- *prometheus.Desc) {}

// Collect implements prometheus.Collector.
func (k *standing) Collect(out chan<- prometheus.Metric) {
	tell := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	s := k.s
	now, err := s.reg.Load()
	if err != nil {
		s.log.Error("metrics", "err", err)
		tell(upDesc, 0)
		return
	}
	tell(upDesc, 1)
	tell(eventDesc, float64(now.Event))
	tell(lagDesc, float64(now.Event-min(now.Event, s.index.Progress().Seq)))
	behind := 0.0
	if s.index.Progress().Behind {
		behind = 1
	}
	tell(behindDesc, behind)
	tell(sessionsDesc, float64(now.Sessions))
	for kind, n := range map[string]int{"members": now.Members, "standards": now.Standards, "revisions": now.Revisions, "projects": now.Projects} {
		tell(heldDesc, float64(n), kind)
	}
	for queue, n := range map[string]int{"webhooks_due": now.HooksDue, "webhooks_failing": now.HooksFailing, "letters_failing": now.LettersFailing} {
		tell(waitingDesc, float64(n), queue)
	}
	for part, path := range s.opt.Sizes {
		tell(sizeDesc, float64(bytesIn(path)), part)
	}
	s.live.mu.Lock()
	tell(streamsDesc, float64(s.live.total))
	s.live.mu.Unlock()
	s.kitchen.mu.Lock()
	tell(costlyDesc, float64(s.kitchen.busy), "made")
	tell(costlyDesc, float64(len(s.kitchen.line)), "waiting")
	tell(costlyDesc, float64(len(s.kitchen.kept)), "kept")
	s.kitchen.mu.Unlock()
	tell(bodiesDesc, float64(s.held.Load()))
}

// bytesIn is the size of a file, or of what a folder holds. What vanishes while
// it is counted is not counted.
func bytesIn(path string) (n int64) {
	_ = filepath.WalkDir(path, func(_ string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			n += info.Size()
		}
		return nil
	})
	return n
}
