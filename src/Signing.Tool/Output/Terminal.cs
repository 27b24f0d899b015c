using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Signing.Tool;

/// <summary>The two ways out: the answer to the standard output, all that is said about it to the standard error.</summary>
internal sealed class Terminal : IDisposable
{
    // Not for a page, so that quotes, < and & need no escapes to be read; control characters have theirs with every encoder.
    private static readonly JsonWriterOptions AsJson = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly TextWriter _error = Console.Error;
    private bool _isInLine;

    public Terminal() => Text = new StreamWriter(_output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { AutoFlush = true, NewLine = "\n" };

    /// <summary>The standard output as text.</summary>
    public TextWriter Text { get; }

    /// <summary>Makes the failure for an answer that cannot be written.</summary>
    public static ToolFailure Unwritten(Exception reason) => ToolFailure.Refused($"The answer cannot be written: {reason.Message.TrimEnd('.')}.");

    /// <summary>Says something that is not the answer; where nobody can hear it, as on a full disk, the answer and the exit code still tell.</summary>
    public void Say(string sentence)
    {
        try
        {
            // A body need not end with its line; on a screen, what is said about it begins one.
            if (_isInLine && !Console.IsOutputRedirected)
            {
                _error.WriteLine();
                _isInLine = false;
            }

            _error.WriteLine(sentence);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // There is no third way out, and a change that was made stays made.
        }
    }

    /// <summary>Writes a line of the answer.</summary>
    public void Answer(string line) => Write(Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>Writes bytes of the answer as they are.</summary>
    /// <exception cref="ToolFailure">They cannot be written, as to a full disk. What is written to a pipe that nobody reads is dropped without a word.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _output.Write(bytes);
            _output.Flush();
            _isInLine = bytes.Length > 0 ? bytes[^1] != '\n' : _isInLine;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritten(exception);
        }
    }

    /// <summary>Writes the answer as one JSON object.</summary>
    public void Json(Action<Utf8JsonWriter> write)
    {
        var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, AsJson))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        text.WriteByte((byte)'\n');
        Write(text.ToArray());
    }

    public void Dispose()
    {
        try
        {
            Text.Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Of the help, which has been refused already.
        }

        _output.Dispose();
    }
}
