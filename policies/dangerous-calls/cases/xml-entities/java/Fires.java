class Fires {
    void read(DocumentBuilderFactory factory, XMLInputFactory input) {
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", false); // fires
        factory.setFeature("http://xml.org/sax/features/external-general-entities", true); // fires
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, false); // fires
        input.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, true); // fires
        input.setProperty("javax.xml.stream.isSupportingExternalEntities", Boolean.TRUE); // fires
    }
}
