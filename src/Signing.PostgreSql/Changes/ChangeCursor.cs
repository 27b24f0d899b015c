using System.Runtime.InteropServices;
using Npgsql;

namespace Signing.PostgreSql;

/// <summary>Reads what has changed since the last reading and has the caches forget it, in order; where the order is broken they forget everything.</summary>
internal sealed class ChangeCursor(Database database, ChangeFeed feed, Freshness freshness, PropagationMetrics metrics)
{
    // Before the first reading every change there is counts as known: memory is empty.
    private long _applied = long.MaxValue;
    private DateTime? _appliedAt;

    /// <summary>Reads once, applies what was found, and only then takes the database as heard.</summary>
    public async Task<ChangeReading> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        Freshness.Moment began = freshness.Now();
        Found found = await QueryAsync(connection, cancellationToken).ConfigureAwait(false);
        ChangeReading reading = Judge(found);
        if (reading is ChangeReading.Changed)
        {
            Apply(found.Rows);
        }

        if (reading is ChangeReading.First or ChangeReading.Unknown)
        {
            feed.ForgetAll(found.Head);
        }

        _appliedAt = found.AtOf(found.Head);
        _applied = found.Head;
        freshness.Hear(began);
        return reading;
    }

    private ChangeReading Judge(Found found)
    {
        if (_applied == long.MaxValue)
        {
            return ChangeReading.First;
        }

        // The same number at another time is another change: a backup was restored, and has gone on from there.
        if (found.Head < _applied || found.AtOf(_applied) != _appliedAt)
        {
            return ChangeReading.Unknown;
        }

        return found.Head == _applied ? ChangeReading.Nothing : IsWithoutGap(found) ? ChangeReading.Changed : ChangeReading.Unknown;
    }

    private bool IsWithoutGap(Found found)
    {
        long last = _applied;
        foreach (Row row in found.Rows)
        {
            // A kind of a later version's: nobody here knows what it concerns.
            if (row.Number > last + 1 || !Enum.IsDefined(row.Note.Kind))
            {
                return false;
            }

            last = row.Number;
        }

        return last == found.Head;
    }

    private void Apply(List<Row> rows)
    {
        foreach (IGrouping<long, Row> change in rows.Where(row => row.Number > _applied).GroupBy(row => row.Number))
        {
            List<ChangeNote> notes = [.. change.Select(row => row.Note)];
            feed.Apply(change.Key, CollectionsMarshal.AsSpan(notes));
            metrics.Applied(change.First().Lag);
        }
    }

    private async Task<Found> QueryAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = database.Command("changes.read", connection).Long("applied", _applied);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            long? head = null;
            List<Row> rows = [];
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                head = reader.GetInt64(0);
                if (!await reader.IsDBNullAsync(1, cancellationToken).ConfigureAwait(false))
                {
                    var note = new ChangeNote((ChangeKind)reader.GetInt16(2), reader.GetString(3));
                    rows.Add(new Row(reader.GetInt64(1), note, reader.GetDateTime(4), reader.GetDouble(5)));
                }
            }

            return new Found(head ?? throw new InvalidOperationException("The table change_head has lost its row. Restore the schema from a backup."), rows);
        }
    }

    private readonly record struct Row(long Number, ChangeNote Note, DateTime At, double Lag);

    private sealed record Found(long Head, List<Row> Rows)
    {
        // Each note has its own time; a change goes by that of its first.
        public DateTime? AtOf(long number)
        {
            int index = Rows.FindIndex(row => row.Number == number);
            return index < 0 ? null : Rows[index].At;
        }
    }
}
