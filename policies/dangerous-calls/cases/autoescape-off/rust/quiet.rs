fn pages(tera: &mut Tera, handlebars: &mut Handlebars) {
    tera.autoescape_on(vec![".html"]);
    handlebars.register_escape_fn(handlebars::html_escape);
}
