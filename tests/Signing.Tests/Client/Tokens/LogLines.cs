using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Signing.Tests.Support;

namespace Signing.Tests.Client.Tokens;

/// <summary>Keeps every line that is logged, and lets a test wait for one: so it knows that something in the background has ended.</summary>
public sealed class LogLines : ILoggerProvider
{
    private readonly LogBook _book = new();
    private readonly Channel<int> _ids = Channel.CreateUnbounded<int>();

    public LogLine[] Lines => _book.Lines;

    public ILogger CreateLogger(string categoryName) => new Writer(this, _book.CreateLogger(categoryName), categoryName.StartsWith("Signing.Client", StringComparison.Ordinal));

    /// <summary>Waits for the next line of Signing.Client with an id; those before it are passed over.</summary>
    public async Task UntilAsync(int id)
    {
        while (await _ids.Reader.ReadAsync(TestContext.Current.CancellationToken) != id)
        {
        }
    }

    public void Dispose() => _book.Dispose();

    private sealed class Writer(LogLines stream, ILogger inner, bool isOurs) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
            if (isOurs)
            {
                stream._ids.Writer.TryWrite(eventId.Id);
            }
        }
    }
}
