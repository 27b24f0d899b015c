using System.Text;
using System.Text.Json;

namespace Signing.Tool.Tests;

/// <summary>What a run of the command left behind.</summary>
public sealed record Run(int ExitCode, byte[] OutputBytes, string Error)
{
    public string Output => Encoding.UTF8.GetString(OutputBytes);

    public JsonElement Json => JsonDocument.Parse(OutputBytes).RootElement;

    public override string ToString() => $"exit {ExitCode}\n--- output\n{Output}\n--- error\n{Error}";
}
