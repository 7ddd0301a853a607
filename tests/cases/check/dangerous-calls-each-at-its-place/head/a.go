package a

import "crypto/tls"

var quiet = tls.Config{InsecureSkipVerify: false}

var loud = tls.Config{InsecureSkipVerify: true}
