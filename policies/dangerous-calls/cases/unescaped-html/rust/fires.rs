fn page(comment: &str) {
    let first = PreEscaped(format!("<b>{comment}</b>")); // fires
    let second = Html(format!("<b>{}</b>", comment)); // fires
}
