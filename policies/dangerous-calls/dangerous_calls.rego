# METADATA
# title: Calls that turn data into commands, or protection off
# description: A few calls are behind most of the holes that reviews miss. Each has a safe form that costs nothing.
# custom:
#   scope: file
#   severity: error
#   status: enforced
#   since: "0.1"
package portcullis.dangerous_calls

# METADATA
# title: Code made at run time
# description: Text that becomes code at run time does whatever its author wants, with the rights of this program, and no reviewer or analyser has seen it.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/95.html
# custom:
#   id: dangerous-calls/dynamic-evaluation
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: Read data with a parser, or choose among functions by name.
#   examples:
#     bad: |
#       eval(request.args["formula"])
#     good: |
#       ast.literal_eval(request.args["formula"])
deny_dynamic_evaluation contains finding if {
	some match in introduced("dynamic-evaluation")
	finding := at(match, "this runs text as code", "dynamic-evaluation")
}

# METADATA
# title: Shell command with values in it
# description: A value inside a shell command can end the command and begin another one. Arguments that are passed as a list cannot.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/78.html
# custom:
#   id: dangerous-calls/shell-interpolation
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: Run the program directly with a list of arguments, without a shell.
#   examples:
#     bad: |
#       os.system(f"tar -czf backup.tgz {folder}")
#     good: |
#       subprocess.run(["tar", "-czf", "backup.tgz", folder], check=True)
deny_shell_interpolation contains finding if {
	some match in introduced("shell-interpolation")
	finding := at(match, "a shell runs this text with values in it", "shell-interpolation")
}

# METADATA
# title: Connection that accepts any certificate
# description: A connection whose certificate, or host key, nobody checks can be read and changed by whoever sits between.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/295.html
# custom:
#   id: dangerous-calls/tls-verification-off
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: Leave verification on; add the private authority's certificate to the trusted ones.
#   examples:
#     bad: |
#       requests.get(url, verify=False)
#     good: |
#       requests.get(url, verify="/etc/ssl/our-authority.pem")
deny_tls_verification_off contains finding if {
	some match in introduced("tls-verification-off")
	finding := at(match, "this connection accepts any certificate", "tls-verification-off")
}

# METADATA
# title: MD5 or SHA-1 for a secret or a signature
# description: Collisions of MD5 and SHA-1 can be computed, and both are fast enough to try all likely passwords. A secret or a signature that rests on them is not protected.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/328.html
# custom:
#   id: dangerous-calls/weak-hash
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: Use SHA-256 or better for signatures and digests, and Argon2, scrypt or bcrypt for passwords.
#   examples:
#     bad: |
#       password_hash = hashlib.md5(password.encode()).hexdigest()
#     good: |
#       password_hash = argon2.PasswordHasher().hash(password)
deny_weak_hash contains finding if {
	some match in introduced("weak-hash")
	finding := at(match, "MD5 or SHA-1 protects a secret or a signature here", "weak-hash")
}

# METADATA
# title: Secret from a predictable generator
# description: The next numbers of an ordinary generator follow from the ones before. Whoever sees a few can compute the password, token or session of somebody else.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/338.html
# custom:
#   id: dangerous-calls/weak-random
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: Use the generator of the operating system.
#   examples:
#     bad: |
#       session_token = random.randint(0, 2**64)
#     good: |
#       session_token = secrets.token_urlsafe(32)
deny_weak_random contains finding if {
	some match in introduced("weak-random")
	finding := at(match, "this secret comes from a predictable generator", "weak-random")
}

# METADATA
# title: Reader that can run code
# description: Some formats name the objects to build and the functions to call. Whoever writes such a text runs code in the program that reads it.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/502.html
# custom:
#   id: dangerous-calls/unsafe-deserialisation
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: Read a format that holds only data, such as JSON, and check it against a schema.
#   examples:
#     bad: |
#       order = pickle.loads(message.body)
#     good: |
#       order = json.loads(message.body)
deny_unsafe_deserialisation contains finding if {
	some match in introduced("unsafe-deserialisation")
	finding := at(match, "this reader builds any object that the text names", "unsafe-deserialisation")
}

# METADATA
# title: SQL made from strings
# description: A value inside the text of a query can end the query and begin another one. Bound parameters cannot.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/89.html
# custom:
#   id: dangerous-calls/sql-from-strings
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: Pass values as bound parameters.
#   examples:
#     bad: |
#       cursor.execute(f"SELECT * FROM users WHERE name = '{name}'")
#     good: |
#       cursor.execute("SELECT * FROM users WHERE name = %s", (name,))
deny_sql_from_strings contains finding if {
	some match in introduced("sql-from-strings")
	finding := at(match, "this query is put together from values", "sql-from-strings")
}

# METADATA
# title: Dangerous call in a file that only its name makes a test
# description: In tests these calls are advisory. Which file is a test is for the base branch to say; a name alone is chosen by the author of the change, and other code can import the file.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/94.html
# custom:
#   id: dangerous-calls/undeclared-test
#   severity: warning
#   status: enforced
#   scope: file
#   layer: 2
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: 'Declare the folder on the base branch: `paths: {test: ["tests/**"]}` in .portcullis.yaml.'
#   examples:
#     bad: |
#       # tests/test_shell.py, and base says nothing about tests/
#       os.system(f"ls {folder}")
#     good: |
#       # tests/test_shell.py, and .portcullis.yaml on base says `paths: {test: ["tests/**"]}`
#       os.system(f"ls {folder}")
review_undeclared_test contains request if {
	input.file.class == "test"
	not input.file.declared
	some match in input.file.matches
	match.change == "added"
	some rule in failing
	startswith(match.pattern, sprintf("dangerous-calls/%s-", [rule]))
	not harmless(match)
	request := {
		"msg": sprintf("`%s` holds a dangerous call, and only its name says that it is a test", [input.file.path]),
		"path": input.file.path,
		"line": match.start,
		"layer": 2,
	}
}

# What fails a change outside of tests. The other rules only advise; and a key that a test makes up is no key.
failing := {
	"autoescape-off",
	"dynamic-evaluation",
	"obsolete-tls",
	"shell-interpolation",
	"short-key",
	"sql-from-strings",
	"tls-verification-off",
	"unsafe-deserialisation",
	"unsafe-extraction",
	"unverified-token",
	"weak-cipher",
	"weak-hash",
	"weak-random",
	"world-writable",
	"xml-entities",
}

# Code that others wrote or a program made is judged where it comes from.
judged if not input.file.class in {"generated", "vendored"}

introduced(rule) := [match |
	judged
	some match in input.file.matches
	match.change == "added"
	startswith(match.pattern, sprintf("dangerous-calls/%s-", [rule]))
	not harmless(match)
]

# The readers of ruamel.yaml build only data; they are called `yaml` by habit.
harmless(match) if {
	match.pattern == "dangerous-calls/unsafe-deserialisation-python"
	startswith(match.text, "yaml.load(")
	"ruamel.yaml.YAML" in imported
	not binds_yaml
}

# `import yaml.nodes` binds `yaml` as well.
binds_yaml if {
	some name in imported
	regex.match(`^yaml(\.|$)`, name)
}

imported := {entry.raw |
	some entry in input.file.imports
	entry.change != "removed"
}

at(match, message, rule) := {
	"msg": sprintf("%s: `%s`", [message, shown(match.text)]),
	"path": input.file.path,
	"line": match.start,
	"column": match.column,
	"end_line": match.end,
	"end_column": match.end_column,
	"fix": fix(rule),
}

# The place on one line, short enough for a message; a call is often broken after its bracket.
shown(text) := line if {
	line := one_line(text)
	count(line) <= 80
}

shown(text) := sprintf("%s...", [substring(line, 0, 77)]) if {
	line := one_line(text)
	count(line) > 80
}

one_line(text) := regex.replace(regex.replace(substring(text, 0, 400), `\s+`, " "), `([(\[{]) `, "$1")

fix(rule) := object.get(fixes[rule], dialect, fixes[rule].any)

dialect := "javascript" if input.file.language in {"javascript", "tsx", "typescript"}

dialect := input.file.language if not input.file.language in {"javascript", "tsx", "typescript"}

fixes := {
	"any-origin": {
		"any": "CORSMiddleware(app, allow_origins=[\"*\"])",
	},
	"autoescape-off": {
		"any": "Environment(loader=loader, autoescape=False)",
	},
	"csrf-off": {
		"any": "@csrf_exempt",
	},
	"debugger-exposed": {
		"any": "app.run(debug=True)",
	},
	"dynamic-evaluation": {
		"any": "Read data with a parser, or choose among functions by name.",
		"javascript": "Use JSON.parse for data, and a mapping of names to functions for behaviour; give timers a function.",
		"python": "Use ast.literal_eval or json.loads for data, and a mapping of names to functions for behaviour.",
	},
	"every-interface": {
		"any": "app.run(host=\"0.0.0.0\")",
	},
	"literal-key": {
		"any": "jwt.encode(claims, \"between-us\", algorithm=\"HS256\")",
	},
	"obsolete-tls": {
		"any": "ssl.SSLContext(ssl.PROTOCOL_TLSv1)",
		"go": "Write MinVersion: tls.VersionTLS12.",
		"java": "Write SSLContext.getInstance(\"TLS\").",
		"javascript": "Write minVersion: 'TLSv1.2'.",
		"python": "Use ssl.create_default_context().",
	},
	"open-cookie": {
		"any": "response.set_cookie(\"session\", value, httponly=False)",
	},
	"predictable-temporary-file": {
		"any": "open(\"/tmp/report.txt\", \"w\")",
		"go": "Use os.CreateTemp.",
		"java": "Use Files.createTempFile.",
		"javascript": "Use fs.mkdtemp.",
		"python": "Use tempfile.NamedTemporaryFile, or mkstemp.",
		"rust": "Use the crate tempfile.",
	},
	"shell-from-variable": {
		"any": "subprocess.run(command, shell=True)",
	},
	"shell-interpolation": {
		"any": "Run the program directly with a list of arguments, without a shell.",
		"go": "Write exec.Command(program, argument, ...) without a shell.",
		"java": "Write new ProcessBuilder(program, argument, ...) without a shell.",
		"javascript": "Write execFile(program, [argument, ...]) or spawn without `shell`.",
		"python": "Write subprocess.run([program, argument, ...]) without shell=True.",
		"rust": "Write Command::new(program).arg(value) without a shell.",
	},
	"short-key": {
		"any": "rsa.generate_private_key(public_exponent=65537, key_size=1024)",
	},
	"sql-from-strings": {
		"any": "Pass values as bound parameters.",
		"go": "Write db.Query(\"... WHERE id = $1\", value).",
		"java": "Write prepareStatement(\"... WHERE id = ?\") and set the parameters.",
		"javascript": "Write query(\"... WHERE id = $1\", [value]).",
		"python": "Write cursor.execute(\"... WHERE id = %s\", (value,)); quote names with the driver's own function.",
		"rust": "Write query(\"... WHERE id = $1\") and bind the value.",
	},
	"tls-verification-off": {
		"any": "Leave verification on; add the private authority's certificate to the trusted ones.",
		"go": "Leave verification on; set RootCAs, or ServerName where the name differs.",
		"javascript": "Leave verification on; pass the authority with `ca`, or NODE_EXTRA_CA_CERTS.",
		"python": "Leave verification on; pass the authority's file: verify=\"/path/ca.pem\".",
	},
	"unencrypted-connection": {
		"any": "requests.get(\"http://prices.example.org/today\")",
	},
	"unescaped-html": {
		"any": "element.innerHTML = comment",
		"go": "Let html/template escape the value.",
		"javascript": "Use textContent, or DOMPurify.sanitize for markup.",
		"python": "Use format_html, or Markup(\"...{}\").format(value).",
	},
	"unsafe-deserialisation": {
		"any": "Read a format that holds only data, such as JSON, and check it against a schema.",
		"java": "Use a data format, or set an ObjectInputFilter with a list of allowed classes.",
		"python": "Use json.loads, or yaml.safe_load.",
	},
	"unsafe-extraction": {
		"any": "tarfile.open(path).extractall(folder)",
		"go": "Check filepath.IsLocal(name) first, or use os.Root.",
		"java": "Check target.normalize().startsWith(folder) first.",
		"python": "Write extractall(folder, filter=\"data\").",
		"rust": "Use enclosed_name(), or Archive::unpack.",
	},
	"unverified-token": {
		"any": "jwt.decode(token, options={\"verify_signature\": False})",
	},
	"weak-cipher": {
		"any": "cipher = DES.new(key, DES.MODE_CBC, iv)",
		"go": "Use cipher.NewGCM over aes.NewCipher, or chacha20poly1305.",
		"java": "Write Cipher.getInstance(\"AES/GCM/NoPadding\").",
		"javascript": "Write createCipheriv(\"aes-256-gcm\", key, iv).",
		"python": "Use cryptography's AESGCM, or AES.MODE_GCM.",
		"rust": "Use Aes256Gcm or ChaCha20Poly1305.",
	},
	"weak-hash": {
		"any": "Use SHA-256 or better for signatures and digests, and Argon2, scrypt or bcrypt for passwords.",
		"python": "Use hashlib.sha256 or hashlib.scrypt; say usedforsecurity=False where it is only a checksum.",
	},
	"weak-random": {
		"any": "Use the generator of the operating system.",
		"go": "Use crypto/rand.",
		"java": "Use java.security.SecureRandom.",
		"javascript": "Use crypto.randomUUID() or crypto.randomBytes().",
		"python": "Use the module secrets.",
		"rust": "Use OsRng, or the crate getrandom.",
	},
	"world-writable": {
		"any": "os.chmod(path, 0o777)",
	},
	"xml-document-types": {
		"any": "DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();",
	},
	"xml-entities": {
		"any": "etree.XMLParser(resolve_entities=True)",
	},
}
