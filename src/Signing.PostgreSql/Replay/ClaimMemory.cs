namespace Signing.PostgreSql;

/// <summary>What the database remembers, as one statement has read it; times in seconds since 1970.</summary>
/// <param name="Begun">The time from which this memory remembers at all: nothing below was ever forgotten by a later one.</param>
/// <param name="Cleared">The number of the latest slot that was emptied; slot <c>n</c> holds the times from <c>n × Width</c> on, and takes the place of slot <c>n − Slots</c>.</param>
/// <param name="Width">The seconds that share a slot.</param>
/// <param name="Length">The seconds that are remembered before the present.</param>
/// <param name="Horizon">The time below which everything lies that was ever accepted.</param>
/// <param name="Second">The time by the database's clock.</param>
/// <remarks>
/// <code>
///      Cleared − Slots + 1                Second         Cleared
///   ----[----|----|----|----|----|----|----|-*--|----|----]---->
///       ^ the ring's floor  ^ Floor                ^ Ceiling
/// </code>
/// Both ends only rise, whatever a clock does: that is what no claim is granted twice by. The clock decides when they rise.
/// </remarks>
internal sealed record ClaimMemory(long Begun, long Cleared, long Width, long Length, long Horizon, long Second)
{
    /// <summary>The tables of the migration.</summary>
    public const int Slots = 32;

    /// <summary>Gets the lowest time that may be claimed.</summary>
    // The first two are what was or may have been forgotten. The third refuses a little more than that, so that the answer
    // does not depend on where in its slot a time lies.
    public long Floor => Math.Max(Math.Max(Begun, (Cleared - Slots + 1) * Width), Second - Length);

    /// <summary>Gets the lowest time that may not be claimed yet: its slot is not emptied, or a crash would forget that it was accepted.</summary>
    public long Ceiling => Math.Min(Horizon, (Cleared + 1) * Width);

    /// <summary>Gets the table that holds a time, which must not be negative.</summary>
    public short SlotOf(long created) => (short)(created / Width % Slots);

    /// <summary>Gets what a memory is like that begins now: empty, and above whatever another one may have granted.</summary>
    public static ClaimMemory Begin(ClaimWindow window, long horizon, long second)
    {
        // The horizon is above all that was ever accepted here. The clock is for what another store accepted before this one,
        // or a copy of the database that was ahead of this one, by a horizon that has not come here: one that opened times
        // as far ahead as this one would.
        long begun = Math.Max(horizon, Latest(second, window) + (horizon > 0 ? ClaimWindow.Ahead : 0));
        return new ClaimMemory(begun, (begun / window.Width) + Slots - 1, window.Width, window.Length, horizon, second);
    }

    /// <summary>Gets what the memory has to become so that a time may be claimed, as far as the clock allows it.</summary>
    public ClaimMemory OpenFor(long created, ClaimWindow window)
    {
        // A time beyond the skew is not due: were it opened, a single caller could have everybody else's slots emptied.
        long end = Math.Min(created, Latest(Second, window)) + ClaimWindow.Ahead;
        return this with { Cleared = Math.Max(Cleared, end / Width), Horizon = Math.Max(Horizon, end) };
    }

    /// <summary>Gets the tables that have to be emptied on the way to a later slot.</summary>
    public int[] SlotsUpTo(long cleared)
    {
        int count = (int)Math.Min(Slots, cleared - Cleared);
        var slots = new int[count];
        for (int i = 0; i < count; i++)
        {
            slots[i] = (int)((cleared - i) % Slots);
        }

        return slots;
    }

    // Created up to a skew ahead, that second included.
    private static long Latest(long second, ClaimWindow window) => second + window.Skew + 1;
}
