nunjucks.configure('views', { autoescape: true })
Handlebars.compile(text, { noEscape: false })
keyboard.escape = (key) => key
$sceProvider.enabled(true)
