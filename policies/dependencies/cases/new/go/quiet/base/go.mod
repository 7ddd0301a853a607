module example.org/shop

require github.com/google/uuid v1.5.0 // indirect
