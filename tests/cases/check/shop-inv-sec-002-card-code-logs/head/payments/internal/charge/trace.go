package charge

import "log"

// TraceCard leaves a line.
func TraceCard(id string) {
	log.Printf("%s", id)
}
