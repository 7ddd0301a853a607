package serve

import (
	"net/http"
	"net/http/pprof"
)
