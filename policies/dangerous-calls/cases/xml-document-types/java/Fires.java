class Fires {
    Document read(InputStream stream) {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(stream); // fires
    }
    XMLStreamReader stream(InputStream stream) {
        XMLInputFactory factory = XMLInputFactory.newFactory(); // fires
        return factory.createXMLStreamReader(stream);
    }
}
