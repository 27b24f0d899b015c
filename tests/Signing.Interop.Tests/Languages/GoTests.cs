namespace Signing.Interop.Tests.Languages;

public sealed class GoTests() : LanguageTests(new ReadmeProgram("go", "main.go", ["go", "run"]));
