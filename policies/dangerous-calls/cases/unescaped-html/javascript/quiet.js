element.innerHTML = ''
element.innerHTML = '<b>one</b>'
element.textContent = comment
element.innerHTML = DOMPurify.sanitize(comment)
element.innerHTML = ansi2html(comment)
element.innerHTML = `<b>${escapeHtml(comment)}</b>`
file.write('<b>' + comment + '</b>')
$('#comments').append(node)
const props = { __html: STYLES }
