class Quiet {
    Document read(InputStream stream) {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(stream);
    }
    Widget widget() {
        return WidgetFactory.newInstance();
    }
}
