element.innerHTML = comment // fires
element.outerHTML = `<b>${comment}</b>` // fires
document.write('<b>' + comment + '</b>') // fires
element.insertAdjacentHTML('beforeend', comment.text) // fires
sanitizer.bypassSecurityTrustHtml(comment) // fires
$('#comments').append('<li>' + comment) // fires
const props = { __html: comment } // fires
