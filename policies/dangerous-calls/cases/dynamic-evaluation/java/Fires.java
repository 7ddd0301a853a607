class Fires {
    Object run(String code, Object root) {
        scriptEngine.eval(code); // fires
        new ScriptEngineManager().getEngineByName("js").eval("x = " + code); // fires
        groovyShell.evaluate(code); // fires
        new SpelExpressionParser().parseExpression(code); // fires
        return Ognl.getValue(code, root); // fires
    }
}
class Later {
    Object run(String code) {
        factory.createValueExpression(context, code, Object.class); // fires
        return engine.eval("x = " + code); // fires
    }
}
