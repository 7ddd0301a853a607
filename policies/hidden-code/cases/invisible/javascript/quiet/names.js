const space = "\u200B";
