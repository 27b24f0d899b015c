using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Signing.Tests.Support;

/// <summary>Keeps what was logged, level first: <c>Error: …</c>.</summary>
internal sealed class RecordedLog<T> : ILogger<T>
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _lines.Enqueue($"{logLevel}: {formatter(state, exception)}{exception}");
        Canary.See(state, exception, formatter);
    }
}
