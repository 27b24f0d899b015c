namespace Signing.Benchmarks.Quick;

/// <summary>A bar of the project: a ratio that must not be missed, and how many bytes one call may allocate.</summary>
internal sealed record Bar(string Name, double Ratio, double Limit, bool IsMinimum = false, long? Bytes = null)
{
    public bool IsMet => (IsMinimum ? Ratio >= Limit : Ratio <= Limit) && Bytes is null or 0;

    public override string ToString()
    {
        string bytes = Bytes is null ? "" : $"{Bytes} B";
        return $"{(IsMet ? "ok  " : "MISS")}  {Name,-66} {Ratio,5:0.00}  {(IsMinimum ? ">=" : "<=")} {Limit:0.00}  {bytes,6}";
    }
}
