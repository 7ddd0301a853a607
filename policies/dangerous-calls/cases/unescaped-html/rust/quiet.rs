fn page(comment: &str) {
    let first = PreEscaped("<b>one</b>");
    let second = Html(format!("<b>{}</b>", encode_text(comment)));
    let third = Text(format!("<b>{comment}</b>"));
}
