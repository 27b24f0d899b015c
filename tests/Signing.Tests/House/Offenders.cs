namespace Signing.Tests.House;

/// <summary>Fails with the whole list, so that one run shows everything there is to mend.</summary>
internal static class Offenders
{
    public static void None<T>(IEnumerable<T> offenders)
    {
        var list = offenders.Select(offender => offender?.ToString()).ToList();
        Assert.True(list.Count == 0, string.Join('\n', list));
    }
}
