using Microsoft.Extensions.Logging;

namespace Signing.Tests.Support;

/// <param name="Category">Who logged.</param>
/// <param name="Level">How bad it is.</param>
/// <param name="Id">The id of the message.</param>
/// <param name="Text">The line as it reads.</param>
/// <param name="Exception">What was thrown.</param>
/// <param name="Values">The texts that a logger finds that takes the values of the line apart.</param>
public sealed record LogLine(string Category, LogLevel Level, int Id, string Text, Exception? Exception, IReadOnlyList<string> Values);
