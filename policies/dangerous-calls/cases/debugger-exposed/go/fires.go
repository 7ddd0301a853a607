package serve

import (
	"net/http"
	_ "net/http/pprof" // fires
)
