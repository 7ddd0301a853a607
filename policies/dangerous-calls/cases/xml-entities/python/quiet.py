def read(parser):
    etree.XMLParser(resolve_entities=False)
    parser.setFeature(feature_external_ges, False)
    parser.setFeature(feature_namespaces, True)
