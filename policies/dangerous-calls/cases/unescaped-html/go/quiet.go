package page

func page(w http.ResponseWriter, comment string) {
	show(template.HTML("<br>"))
	show(template.HTML(Header))
	fmt.Fprintf(w, "<b>%s</b>", html.EscapeString(comment))
	fmt.Fprintf(os.Stderr, "<%s>", comment)
}
