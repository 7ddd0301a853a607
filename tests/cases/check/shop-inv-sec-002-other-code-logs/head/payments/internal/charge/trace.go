package charge

import "log"

// TraceCharge leaves a line.
func TraceCharge(id string) {
	log.Printf("%s", id)
}
