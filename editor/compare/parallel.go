package compare

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// stride is how many neighbouring indexes one worker takes at a time.
const stride = 16

// inParallel calls do for every i in [0, n), on all processors. Calls with one
// worker number follow each other, so that scratch memory may be kept by it.
// What do writes must belong to i alone: then the result is the same however
// the work is divided.
func inParallel(n int, do func(i, worker int)) {
	workers := min(runtime.GOMAXPROCS(0), (n+stride-1)/stride)
	if workers <= 1 {
		for i := range n {
			do(i, 0)
		}
		return
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for {
				from := int(next.Add(stride)) - stride
				if from >= n {
					return
				}
				for i := from; i < min(from+stride, n); i++ {
					do(i, w)
				}
			}
		})
	}
	wait.Wait()
}

// workers is how many worker numbers inParallel gives at most.
func workers() int { return runtime.GOMAXPROCS(0) }
