using System.Globalization;
using System.Runtime.CompilerServices;

namespace Signing.Tests.Support;

/// <summary>Runs every test in a culture that writes numbers and times as no wire format does, which needs nothing of the machine.</summary>
internal static class OddCulture
{
    [ModuleInitializer]
    internal static void Use()
    {
        var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        odd.NumberFormat.NegativeSign = "\u2212";
        odd.NumberFormat.NumberDecimalSeparator = ",";
        odd.NumberFormat.NumberGroupSeparator = ".";
        odd.DateTimeFormat.DateSeparator = "-";
        odd.DateTimeFormat.TimeSeparator = ".";
        odd.DateTimeFormat.ShortDatePattern = "dd/MM/yy";
        odd.DateTimeFormat.LongTimePattern = "H:mm";
        CultureInfo.CurrentCulture = odd;
        CultureInfo.DefaultThreadCurrentCulture = odd;
    }
}
