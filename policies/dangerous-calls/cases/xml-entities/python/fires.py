def read(parser):
    etree.XMLParser(resolve_entities=True)  # fires
    lxml.etree.iterparse(source, no_network=False)  # fires
    parser.setFeature(feature_external_ges, True)  # fires
    parser.setFeature(xml.sax.handler.feature_external_pes, 1)  # fires
