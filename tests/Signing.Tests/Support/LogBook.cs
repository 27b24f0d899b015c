using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Signing.Tests.Support;

/// <summary>Keeps every line that anything logs, from Trace on.</summary>
public sealed class LogBook : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> _lines = new();

    public LogLine[] Lines => [.. _lines];

    /// <summary>Gets every error, and every exception unless it is Kestrel's own report of a bad request, which is for debugging.</summary>
    public LogLine[] Alarms => [.. _lines.Where(line => line.Level >= LogLevel.Error || (line.Exception is not null && line.Level > LogLevel.Debug))];

    public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

    public void Clear() => _lines.Clear();

    public void Dispose()
    {
    }

    private sealed class Writer(LogBook book, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            book._lines.Enqueue(new LogLine(category, logLevel, eventId.Id, formatter(state, exception), exception, [.. Canary.TextsOf(state)]));
            Canary.See(state, exception, formatter);
        }
    }
}
