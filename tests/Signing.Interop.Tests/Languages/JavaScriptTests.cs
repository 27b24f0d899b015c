namespace Signing.Interop.Tests.Languages;

public sealed class JavaScriptTests() : LanguageTests(new ReadmeProgram("js", "client.mjs", ["node"]));
