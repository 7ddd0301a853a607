mustache.escape = (text) => text // fires
nunjucks.configure('views', { autoescape: false }) // fires
Handlebars.compile(text, { noEscape: true }) // fires
$sceProvider.enabled(false) // fires
