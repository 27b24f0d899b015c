namespace Signing.Interop.Tests.Languages;

public sealed class PythonTests() : LanguageTests(new ReadmeProgram("python", "client.py", ["python3"]));
