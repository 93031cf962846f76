package org.videotg.app.doctor;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DoctorTest {
    @Test
    void mklIsNamedWhereItWasFaster() {
        String intel = "vendor_id\t: GenuineIntel\nflags\t\t: fpu avx2 avx512f avx512dq\n";
        assertTrue(Doctor.isFasterWithMkl(intel));
        assertFalse(Doctor.isFasterWithMkl(intel.replace("avx512f ", "")));
        assertFalse(Doctor.isFasterWithMkl(intel.replace("GenuineIntel", "AuthenticAMD")));
        assertFalse(Doctor.isFasterWithMkl(""));
    }
}
