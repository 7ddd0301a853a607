fn pages(tera: &mut Tera, handlebars: &mut Handlebars) {
    tera.autoescape_on(vec![]); // fires
    handlebars.register_escape_fn(handlebars::no_escape); // fires
}
