libxmljs.parseXml(text, { noent: false })
libxmljs.parseXml(text, { nonet: true })
