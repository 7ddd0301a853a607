class Quiet {
    Object run(String script, String key) {
        jedis.eval(script, 1, key);
        scriptEngine.eval("1 + 1");
        scriptEngine.eval(START_SCRIPT);
        parser.parseExpression(key);
        return model.eval();
    }
}
class Later {
    Object run(String code) {
        factory.createValueExpression(context, "#{order.total}", Object.class);
        return model.eval(code);
    }
}
