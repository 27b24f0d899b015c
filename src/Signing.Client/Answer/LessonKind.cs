namespace Signing.Client;

/// <summary>Names what a refusal teaches.</summary>
internal enum LessonKind
{
    /// <summary>The answer goes to the caller.</summary>
    None = 0,

    /// <summary>The origin's clock differs from ours.</summary>
    ClockOffset,

    /// <summary>The origin wants more components covered.</summary>
    Components,

    /// <summary>The origin's replay store has just started: later signatures are accepted.</summary>
    ReplayFloor,

    /// <summary>The origin does not understand what it had asked for: the next requests do without.</summary>
    Forgotten,

    /// <summary>A covered field was rewritten between signing and sending; it now stays as it is.</summary>
    RewrittenField,

    /// <summary>The connection, or a proxy, sent one signature twice, and the answer to the first is lost.</summary>
    LostAnswer,
}
