libxmljs.parseXml(text, { noent: true }) // fires
libxmljs.parseXml(text, { replaceEntities: true }) // fires
