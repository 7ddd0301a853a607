package page

func page(w http.ResponseWriter, comment string) {
	show(template.HTML(comment))            // fires
	show(template.JS("x = " + comment))     // fires
	fmt.Fprintf(w, "<b>%s</b>", comment)    // fires
}
