using Signing.AspNetCore;

namespace Signing.Tests.Tokens;

public sealed class InMemoryGrantStoreTests : GrantStoreContract
{
    protected override IGrantStore Open(int capacity = 1024) => new InMemoryGrantStore(capacity, Time);

    [Fact]
    public void A_store_without_room_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new InMemoryGrantStore(capacity: 0));
    }

    [Fact]
    public void Nothing_is_left_of_grants_that_have_ended()
    {
        var table = new GrantTable(capacity: 100, Time);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(GrantInsertion.Inserted, table.Insert(GrantOf((UInt128)i + 1, client: $"client {i}")));
        }

        Time.Advance(TimeSpan.FromDays(31));
        table.Sweep();

        Assert.Empty(table.Rows);
        for (int i = 0; i < 25; i++)
        {
            Assert.Equal(GrantInsertion.Inserted, table.Insert(GrantOf((UInt128)i + 1)));
        }

        Assert.Equal(25, table.Rows.Count());
    }
}
